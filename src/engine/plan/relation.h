// The typed relation tree: what spark/resolve produces and engine/ lowers to DuckDB, once.
//
// Every relation lists its output columns, each with an id unique in the query. Relations are immutable,
// shared, thread-safe. A relation passes through its child's columns unless it says otherwise.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/plan/expression.h"
#include "engine/plan/row_tracking_source.h"

namespace deltic::engine {

struct Column {
  ColumnId id = 0;
  std::string name;
  DataType type;
  bool nullable = true;
  std::string metadata = "{}";              // field metadata, JSON
  std::vector<std::string> qualifier = {};  // alias or table name parts, for resolution only
};

enum class RelKind : uint8_t {
  kOneRow,
  kValues,
  kArrow,
  kRange,
  kFiles,
  kProject,
  kFilter,
  kJoin,
  kAggregate,
  kSort,
  kLimit,
  kSetOp,
  kDistinct,
  kSample,
  kGenerate,
  kCached,
  kPython,
  kStream,
};

struct Rel {
  Rel(RelKind k, std::vector<Column> o) : kind(k), output(std::move(o)) {}
  virtual ~Rel() = default;
  template <typename T>
  const T& As() const {
    return static_cast<const T&>(*this);
  }
  const RelKind kind;
  std::vector<Column> output;
};

struct OneRowRel : Rel {  // one row, no columns
  OneRowRel() : Rel(RelKind::kOneRow, {}) {}
};

struct ValuesRel : Rel {
  ValuesRel(std::vector<Column> o, std::vector<std::vector<ExprPtr>> r)
      : Rel(RelKind::kValues, std::move(o)), rows(std::move(r)) {}
  std::vector<std::vector<ExprPtr>> rows;  // each as wide as output, exactly typed; may be empty
};

// Rows that a client sent as an Arrow IPC stream. Columns by position.
struct ArrowRel : Rel {
  ArrowRel(std::vector<Column> o, std::shared_ptr<const std::string> d)
      : Rel(RelKind::kArrow, std::move(o)), ipc_stream(std::move(d)) {}
  std::shared_ptr<const std::string> ipc_stream;  // schema message + record batches
};

struct RangeRel : Rel {  // one long column
  RangeRel(Column c, int64_t s, int64_t e, int64_t st)
      : Rel(RelKind::kRange, {std::move(c)}), start(s), end(e), step(st) {}
  int64_t start, end, step;
};

// --- files ----------------------------------------------------------------------------------------
// Rows of a Parquet file that are deleted, by physical position. Implemented by delta/deletion_vector.
class RowFilter {
 public:
  virtual ~RowFilter() = default;
  virtual bool IsDeleted(uint64_t row) const = 0;
  virtual uint64_t Cardinality() const = 0;
  // deleted[i] = IsDeleted(start + i) for i < count; overridden where a range is cheaper than single rows.
  virtual void DeletedInRange(uint64_t start, uint64_t count, bool* deleted) const {
    for (uint64_t i = 0; i < count; ++i) deleted[i] = IsDeleted(start + i);
  }
};

struct ScanFile {
  std::string path;         // native path DuckDB can open
  int64_t size_bytes = -1;  // -1 unknown
  int64_t modified_ms = 0;
  int64_t record_count = -1;                 // physical rows; -1 unknown
  std::vector<Value> constants;              // values of the FileColumns with source kConstant, in constant_index order
  std::shared_ptr<const RowFilter> deleted;  // null: none
  std::string stats_json;                    // Delta per-file statistics (physical names) for pruning; empty: none
};

struct FileColumn {
  enum class Source : uint8_t {
    kData,      // a column of the file by `physical_name` (or field_id when >= 0 and by_field_id)
    kConstant,  // constants[constant_index] of each file (partition value, _commit_version, …)
    kRowIndex,  // physical row position in the file
    kFilePath,
    kFileName,
    kFileSize,
    kFileModified,  // hidden _metadata fields
  };
  Source source = Source::kData;
  std::string physical_name;
  int field_id = -1;
  int constant_index = -1;
  // Physical names of nested struct fields (column mapping): same shape as the logical type; empty: equal.
  std::optional<DataType> physical_type;
};

enum class FileFormat : uint8_t { kParquet, kCsv, kJson, kText };

class FileSource;

// Files of one format with one schema. `columns` is parallel to `output`. A column that a file lacks is NULL.
struct FilesRel : Rel {
  FilesRel(std::vector<Column> o, FileFormat f) : Rel(RelKind::kFiles, std::move(o)), format(f) {}
  FileFormat format;
  std::vector<FileColumn> columns;
  std::shared_ptr<const std::vector<ScanFile>> files;
  std::shared_ptr<const FileSource> source;  // instead of `files`; Parquet only
  bool by_field_id = false;
  std::map<std::string, std::string> options;  // csv/json/text reader options, lower-case Spark names
  std::string time_zone = "UTC";
  std::string description;  // for explain: "delta /path@v3"
  // What was read, for caches: qualified paths of tables, directories or files; `pinned` when the rows can never change
  // (an explicit version).
  std::vector<std::string> roots;
  bool pinned = false;
  std::optional<RowTrackingSource> row_tracking;
};

// --- operators ------------------------------------------------------------------------------------
struct ProjectRel : Rel {
  ProjectRel(RelPtr c, std::vector<Column> o, std::vector<ExprPtr> e)
      : Rel(RelKind::kProject, std::move(o)), child(std::move(c)), exprs(std::move(e)) {}
  RelPtr child;
  std::vector<ExprPtr> exprs;  // parallel to output; may contain WindowExpr
};

struct FilterRel : Rel {
  FilterRel(RelPtr c, ExprPtr p) : Rel(RelKind::kFilter, c->output), child(std::move(c)), predicate(std::move(p)) {}
  RelPtr child;
  ExprPtr predicate;
};

enum class JoinType : uint8_t { kInner, kCross, kLeftOuter, kRightOuter, kFullOuter, kLeftSemi, kLeftAnti };

// Output: left then right columns (left only for semi/anti), nullability adjusted. `lateral`: the right
// side may refer to left columns.
struct JoinRel : Rel {
  JoinRel(JoinType t, RelPtr l, RelPtr r, ExprPtr c, std::vector<Column> o)
      : Rel(RelKind::kJoin, std::move(o)), type(t), left(std::move(l)), right(std::move(r)), condition(std::move(c)) {}
  JoinType type;
  RelPtr left, right;
  ExprPtr condition;  // null: none
  bool lateral = false;
};

// Output: the group columns, then the aggregates. With grouping_sets non-empty each set lists indexes
// into groups, and a group not in the set is NULL; grouping_id (if set) is one more output column at the
// end: Spark's grouping_id() as bigint. No groups and no grouping sets: exactly one row.
struct AggregateRel : Rel {
  AggregateRel(RelPtr c, std::vector<Column> o) : Rel(RelKind::kAggregate, std::move(o)), child(std::move(c)) {}
  RelPtr child;
  std::vector<ExprPtr> groups;
  std::vector<ExprPtr> aggregates;  // expressions over Aggregate nodes and group columns allowed: see below
  std::vector<std::vector<int>> grouping_sets;
  bool grouping_id = false;
};
// Each AggregateRel::aggregates element is exactly one Aggregate node; expressions around aggregates go
// into a ProjectRel above.

struct SortRel : Rel {
  SortRel(RelPtr c, std::vector<SortKey> k) : Rel(RelKind::kSort, c->output), child(std::move(c)), keys(std::move(k)) {}
  RelPtr child;
  std::vector<SortKey> keys;
};

struct LimitRel : Rel {
  LimitRel(RelPtr c, std::optional<int64_t> l, int64_t o)
      : Rel(RelKind::kLimit, c->output), child(std::move(c)), limit(l), offset(o) {}
  RelPtr child;
  std::optional<int64_t> limit;
  int64_t offset;
};

// Children have equal column count and exactly equal types (the resolver has added casts); output ids are new.
struct SetOpRel : Rel {
  enum class Op : uint8_t { kUnion, kIntersect, kExcept };
  SetOpRel(Op op_, bool all_, RelPtr l, RelPtr r, std::vector<Column> o)
      : Rel(RelKind::kSetOp, std::move(o)), op(op_), all(all_), left(std::move(l)), right(std::move(r)) {}
  Op op;
  bool all;
  RelPtr left, right;
};

// Whole-row distinct when `keys` is empty, else one arbitrary row per key (dropDuplicates(subset)).
struct DistinctRel : Rel {
  DistinctRel(RelPtr c, std::vector<ExprPtr> k)
      : Rel(RelKind::kDistinct, c->output), child(std::move(c)), keys(std::move(k)) {}
  RelPtr child;
  std::vector<ExprPtr> keys;
};

struct SampleRel : Rel {  // Bernoulli: each row with probability upper-lower; deterministic per seed
  SampleRel(RelPtr c, double l, double u, bool r, int64_t s)
      : Rel(RelKind::kSample, c->output), child(std::move(c)), lower(l), upper(u), with_replacement(r), seed(s) {}
  RelPtr child;
  double lower, upper;
  bool with_replacement;
  int64_t seed;
};

// Output: child columns then generator columns. `outer`: a row without elements is kept with NULLs.
struct GenerateRel : Rel {
  enum class Generator : uint8_t { kExplodeArray, kExplodeMap, kPosExplodeArray, kPosExplodeMap, kInline, kStack };
  GenerateRel(RelPtr c, std::vector<Column> o, Generator g, std::vector<ExprPtr> a, bool ou)
      : Rel(RelKind::kGenerate, std::move(o)), child(std::move(c)), generator(g), args(std::move(a)), outer(ou) {}
  RelPtr child;
  Generator generator;
  std::vector<ExprPtr> args;
  bool outer;
};

// A result kept by the engine (cache/persist, sorted tail, …); made by Engine::Materialize. Output ids are new.
struct CachedRel : Rel {
  CachedRel(std::vector<Column> o, std::shared_ptr<void> t, std::string n)
      : Rel(RelKind::kCached, std::move(o)), table(std::move(t)), name(std::move(n)) {}
  std::shared_ptr<void> table;  // keeps the engine's temporary table alive
  std::string name;             // engine-internal
};

}  // namespace deltic::engine
