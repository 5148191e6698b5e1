// UNION, INTERSECT, EXCEPT: by position or by name, with type widening.
#include <algorithm>

#include "spark/functions/variant.h"
#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

using Op = engine::SetOpRel::Op;

namespace {

const char* OpName(Op op, bool all) {
  switch (op) {
    case Op::kUnion: return "UNION";
    case Op::kIntersect: return all ? "INTERSECT ALL" : "INTERSECT";
    case Op::kExcept: return all ? "EXCEPT ALL" : "EXCEPT";
  }
  return "UNION";
}

std::string Ordinal(size_t i) {
  static const char* const kNames[] = {"first", "second",  "third",  "fourth", "fifth",
                                       "sixth", "seventh", "eighth", "ninth",  "tenth"};
  return i < 10 ? kNames[i] : std::to_string(i + 1) + "th";
}

// A struct brought to the fields of another, missing ones NULL (unionByName with allowMissingColumns).
struct StructMerger {
  Binder* binder;

  DataType Merge(const DataType& a, const DataType& b) const {
    if (!a.Is(TypeId::kStruct) || !b.Is(TypeId::kStruct)) return a;
    std::vector<types::StructField> fields = a.fields();
    for (types::StructField& f : fields) {
      const int at = b.FieldIndex(f.name, binder->options().case_sensitive);
      if (at >= 0) {
        f.type = Merge(f.type, b.fields()[static_cast<size_t>(at)].type);
      } else {
        f.nullable = true;
      }
    }
    for (const types::StructField& f : b.fields()) {
      if (a.FieldIndex(f.name, binder->options().case_sensitive) >= 0) continue;
      fields.push_back(f);
      fields.back().nullable = true;
    }
    return DataType::Struct(std::move(fields));
  }

  ExprPtr Fit(const ExprPtr& e, const DataType& to) const {
    if (!e->type.Is(TypeId::kStruct) || !to.Is(TypeId::kStruct) || e->type.SameType(to)) return e;
    std::vector<ExprPtr> args;
    std::vector<types::StructField> fields;
    for (const types::StructField& f : to.fields()) {
      const int at = e->type.FieldIndex(f.name, binder->options().case_sensitive);
      ExprPtr value;
      if (at < 0) {
        value = engine::MakeNull(f.type);
      } else {
        const types::StructField& own = e->type.fields()[static_cast<size_t>(at)];
        value =
            engine::MakeCall("struct_field", {e, engine::MakeString(own.name)}, own.type, e->nullable || own.nullable);
        value = Fit(value, f.type);
      }
      fields.push_back({f.name, value->type, value->nullable, f.metadata});
      args.push_back(engine::MakeString(f.name));
      args.push_back(std::move(value));
    }
    DataType type = DataType::Struct(std::move(fields));
    ExprPtr made = engine::MakeCall("named_struct", std::move(args), type, false);
    if (!e->nullable) return made;
    std::vector<std::pair<ExprPtr, ExprPtr>> branches{
        {engine::MakeCall("isnull", {e}, TypeId::kBoolean, false), engine::MakeNull(type)}};
    return std::make_shared<engine::Case>(std::move(branches), made, type, true);
  }
};

struct Side {
  RelPtr rel;
  std::vector<ExprPtr> values;
};

Status ByName(Binder* binder, bool allow_missing, const RelPtr& left, const RelPtr& right, std::vector<Column>* names,
              Side* l, Side* r) {
  auto check_duplicates = [&](const RelPtr& rel) -> Status {
    std::set<std::string> seen;
    for (const Column& c : rel->output) {
      if (!seen.insert(binder->NameKey(c.name)).second) {
        return Error("COLUMN_ALREADY_EXISTS", {{"columnName", types::QuoteIdentifier(binder->NameKey(c.name))}});
      }
    }
    return Status::Ok();
  };
  RETURN_IF_ERROR(check_duplicates(left));
  RETURN_IF_ERROR(check_duplicates(right));
  StructMerger merger{binder};
  std::set<ColumnId> used;
  for (const Column& c : left->output) {
    auto match = std::find_if(right->output.begin(), right->output.end(),
                              [&](const Column& o) { return binder->SameName(o.name, c.name); });
    names->push_back(c);
    ExprPtr left_value = ColumnRef(c);
    if (match != right->output.end()) {
      used.insert(match->id);
      ExprPtr right_value = ColumnRef(*match);
      if (c.type.Is(TypeId::kStruct) && match->type.Is(TypeId::kStruct) && !c.type.SameType(match->type) &&
          allow_missing) {
        const DataType merged = merger.Merge(c.type, match->type);
        left_value = merger.Fit(left_value, merged);
        right_value = merger.Fit(right_value, merged);
      }
      l->values.push_back(left_value);
      r->values.push_back(right_value);
    } else if (allow_missing) {
      l->values.push_back(left_value);
      r->values.push_back(engine::MakeNull(c.type));
    } else {
      std::string list;
      for (const Column& o : right->output) list += (list.empty() ? "" : ", ") + o.name;
      return Error("_LEGACY_ERROR_TEMP_1201", {{"colName", c.name}, {"fieldNames", list}});
    }
  }
  for (const Column& c : right->output) {
    if (used.count(c.id) > 0) continue;
    if (!allow_missing) {
      return Error("NUM_COLUMNS_MISMATCH", {{"operator", "UNION"},
                                            {"firstNumColumns", std::to_string(left->output.size())},
                                            {"invalidOrdinalNum", "second"},
                                            {"invalidNumColumns", std::to_string(right->output.size())}});
    }
    names->push_back(c);
    l->values.push_back(engine::MakeNull(c.type));
    r->values.push_back(ColumnRef(c));
  }
  return Status::Ok();
}

RelPtr Projected(Binder* binder, const Side& side, const std::vector<Column>& names) {
  const std::vector<Column>& own = side.rel->output;
  bool same = own.size() == side.values.size();
  for (size_t i = 0; same && i < own.size(); ++i) {
    same = side.values[i]->kind == ExprKind::kColumn && side.values[i]->As<engine::ColumnExpr>().id == own[i].id;
  }
  if (same) return side.rel;
  std::vector<Column> output;
  for (size_t i = 0; i < names.size(); ++i) {
    output.push_back(binder->NewColumn(names[i].name, side.values[i]->type, side.values[i]->nullable));
  }
  return std::make_shared<engine::ProjectRel>(side.rel, std::move(output), side.values);
}

}  // namespace

Result<Node> Binder::BindSetOperation(const plan::SetOperation& op, const Env& env) {
  ASSIGN_OR_RETURN(Node left, Bind(op.left, env));
  ASSIGN_OR_RETURN(Node right, Bind(op.right, env));
  Side l{left.rel, {}};
  Side r{right.rel, {}};
  std::vector<Column> names;
  if (op.by_name) {
    RETURN_IF_ERROR(ByName(this, op.allow_missing_columns, left.rel, right.rel, &names, &l, &r));
  } else {
    if (left.rel->output.size() != right.rel->output.size()) {
      return Error("NUM_COLUMNS_MISMATCH", {{"operator", OpName(op.op, op.all)},
                                            {"firstNumColumns", std::to_string(left.rel->output.size())},
                                            {"invalidOrdinalNum", "second"},
                                            {"invalidNumColumns", std::to_string(right.rel->output.size())}});
    }
    names = left.rel->output;
    for (const Column& c : left.rel->output) l.values.push_back(ColumnRef(c));
    for (const Column& c : right.rel->output) r.values.push_back(ColumnRef(c));
  }
  std::vector<Column> output;
  for (size_t i = 0; i < names.size(); ++i) {
    const DataType& lt = l.values[i]->type;
    const DataType& rt = r.values[i]->type;
    std::optional<DataType> common = functions::WidestCommonType(lt, rt, context().ansi);
    if (!common && lt.SameType(rt)) common = lt;
    if (!common) {
      return Error("INCOMPATIBLE_COLUMN_TYPE", {{"operator", OpName(op.op, op.all)},
                                                {"columnOrdinalNumber", Ordinal(i)},
                                                {"tableOrdinalNumber", "second"},
                                                {"dataType1", QuotedType(rt)},
                                                {"dataType2", QuotedType(lt)},
                                                {"hint", ""}});
    }
    const bool compares = op.op != Op::kUnion || !op.all;
    const bool variant = compares && functions::HoldsVariant(*common);
    if (variant || (compares && functions::HoldsMap(*common))) {
      return Error(variant ? "UNSUPPORTED_FEATURE.SET_OPERATION_ON_VARIANT_TYPE"
                           : "UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE",
                   {{"colName", types::QuoteIdentifier(names[i].name)}, {"dataType", QuotedType(*common)}});
    }
    l.values[i] = functions::CastTo(l.values[i], *common, context());
    r.values[i] = functions::CastTo(r.values[i], *common, context());
    const bool ln = l.values[i]->nullable;
    const bool rn = r.values[i]->nullable;
    const bool nullable = op.op == Op::kUnion ? ln || rn : (op.op == Op::kIntersect ? ln && rn : ln);
    Column column = NewColumn(names[i].name, *common, nullable, names[i].metadata);
    column.qualifier = names[i].qualifier;
    if (l.values[i]->kind == ExprKind::kColumn) AddSuccessor(l.values[i]->As<engine::ColumnExpr>().id, column.id);
    output.push_back(std::move(column));
  }
  Node result;
  result.rel = std::make_shared<engine::SetOpRel>(op.op, op.all, Projected(this, l, names), Projected(this, r, names),
                                                  std::move(output));
  return result;
}

}  // namespace deltic::spark::resolve
