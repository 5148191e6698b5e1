// "Parquet" files kept as JSON lines in an object store, so that tests and the simulation see and damage them. As
// thread-safe as the store; with a Memory, for one thread.
#pragma once

#include <simdjson.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "delta/io/parquet_io.h"
#include "storage/object_store.h"

namespace deltic::delta::testing {

class JsonParquet : public ParquetIo {
  class Table;

 public:
  // What texts read before hold: who reads the same few files again and again gets each from the store, where it may
  // be missing or damaged, but decodes it once.
  class Memory {
   private:
    friend class JsonParquet;
    static constexpr size_t kMaxTexts = 256;
    struct Known {
      std::vector<ParquetColumn> columns;
      std::shared_ptr<const Table> table;
    };
    std::unordered_map<std::string, std::vector<Known>> known_;  // by text
  };

  explicit JsonParquet(storage::ObjectStore* store, Memory* memory = nullptr) : store_(store), memory_(memory) {}

  Status Read(const ParquetRequest& request, ParquetConsumer* consumer) override {
    std::vector<Part> parts;
    for (size_t file = 0; file < request.paths.size(); file++) {
      ASSIGN_OR_RETURN(const auto table, TableOf(request.paths[file], request.columns));
      for (size_t first = 0; first < table->size(); first += kRowsOfPart) {
        parts.push_back({file, table, first, std::min(kRowsOfPart, table->size() - first)});
      }
    }
    consumer->Begin(parts.size());
    for (size_t i = 0; i < parts.size(); i++) RETURN_IF_ERROR(ReadPart(request, i, parts[i], consumer));
    return Status::Ok();
  }

  Result<int64_t> WriteFromJson(const std::string& path, const types::DataType&,
                                const std::vector<std::string>& rows) override {
    std::string text;
    for (const auto& row : rows) text += row + "\n";
    RETURN_IF_ERROR(store_->Put(path, text));
    return static_cast<int64_t>(text.size());
  }

 private:
  struct Cell {
    bool null = true;
    int64_t number = 0;
    std::string text;
    std::vector<std::pair<std::string, std::optional<std::string>>> entries;
  };

  // All rows of a file.
  class Table {
   public:
    static Result<std::shared_ptr<const Table>> Decode(const std::string& path, std::string_view text,
                                                       const std::vector<ParquetColumn>& columns) {
      auto table = std::make_shared<Table>();
      table->has_.resize(columns.size());
      simdjson::dom::parser parser;
      while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.empty()) continue;
        simdjson::dom::element root;
        if (parser.parse(line.data(), line.size()).get(root) != simdjson::SUCCESS || !root.is_object()) {
          return IoError(path, "not a Parquet file");
        }
        auto& row = table->rows_.emplace_back(columns.size());
        for (size_t i = 0; i < columns.size(); i++) {
          if (!Take(root, columns[i], &row[i])) {
            return IoError(path, "the column " + columns[i].path + " has another type");
          }
          if (!row[i].null) table->has_[i] = true;
        }
      }
      return std::shared_ptr<const Table>(std::move(table));
    }

    size_t size() const { return rows_.size(); }
    // Some row has a value of the column.
    bool Has(size_t column) const { return has_[column]; }
    const Cell& At(size_t column, size_t row) const { return rows_[row][column]; }

   private:
    // False: the value does not fit the column.
    static bool Take(simdjson::dom::element root, const ParquetColumn& column, Cell* cell) {
      using Kind = ParquetColumn::Kind;
      simdjson::dom::element value;
      simdjson::dom::element other;
      if (!Find(root, column.path, &value) || (!column.unless.empty() && Find(root, column.unless, &other))) {
        return true;
      }
      cell->null = false;
      if (column.kind == Kind::kInt) return ReadInt(value, &cell->number);
      if (column.kind == Kind::kText) {
        std::string_view text;
        if (value.get(text) != simdjson::SUCCESS) return false;
        cell->text = text;
      } else if (column.kind == Kind::kMap) {
        simdjson::dom::object entries;
        if (value.get(entries) != simdjson::SUCCESS) return false;
        for (const auto entry : entries) {
          std::string_view text;
          const bool is_text = entry.value.get(text) == simdjson::SUCCESS;
          cell->entries.emplace_back(entry.key, is_text ? std::optional<std::string>(text) : std::nullopt);
        }
      } else {
        cell->text = simdjson::minify(value);
      }
      return true;
    }

    static bool Find(simdjson::dom::element at, std::string_view path, simdjson::dom::element* out) {
      while (true) {
        const size_t dot = std::min(path.find('.'), path.size());
        simdjson::dom::element next;
        if (at[path.substr(0, dot)].get(next) != simdjson::SUCCESS || next.is_null()) return false;
        at = next;
        if (dot == path.size()) break;
        path.remove_prefix(dot + 1);
      }
      *out = at;
      return true;
    }

    static bool ReadInt(const simdjson::dom::element& value, int64_t* out) {
      bool flag = false;
      if (value.get(flag) == simdjson::SUCCESS) {
        *out = flag ? 1 : 0;
        return true;
      }
      return value.get(*out) == simdjson::SUCCESS;
    }

    std::vector<bool> has_;
    std::vector<std::vector<Cell>> rows_;
  };

  static constexpr size_t kRowsOfPart = 3;
  struct Part {
    size_t file = 0;
    std::shared_ptr<const Table> table;
    size_t first = 0;
    size_t count = 0;
  };

  // A column of a part, to be read later.
  class Kept : public KeptText {
   public:
    Kept(std::shared_ptr<const Table> table, size_t column, size_t first, size_t count)
        : table_(std::move(table)), column_(column), first_(first), count_(count) {}
    size_t rows() const override { return count_; }
    size_t text_bytes() const override { return 0; }
    Status Read(const std::function<void(std::string_view)>& each) const override {
      for (size_t row = first_; row < first_ + count_; row++) each(table_->At(column_, row).text);
      return Status::Ok();
    }

   private:
    const std::shared_ptr<const Table> table_;
    const size_t column_;
    const size_t first_;
    const size_t count_;
  };

  // The rows of a part, one batch.
  class Rows : public ParquetRows {
   public:
    // Without the column that is kept.
    Rows(const Part& part, std::optional<size_t> kept) : part_(part), kept_(kept) {}
    size_t size() const override { return part_.count; }
    bool IsAbsent(size_t column) const override {
      for (size_t row = 0; row < part_.count; row++) {
        if (!IsNull(column, row)) return false;
      }
      return true;
    }
    bool IsNull(size_t column, size_t row) const override { return column == kept_ || At(column, row).null; }
    int64_t Int(size_t column, size_t row) const override { return At(column, row).number; }
    std::string_view Text(size_t column, size_t row) const override { return At(column, row).text; }
    void ForEachEntry(
        size_t column, size_t row,
        const std::function<void(std::string_view, std::optional<std::string_view>)>& each) const override {
      for (const auto& [key, value] : At(column, row).entries) each(key, value);
    }

   private:
    const Cell& At(size_t column, size_t row) const { return part_.table->At(column, part_.first + row); }

    const Part& part_;
    const std::optional<size_t> kept_;
  };

  static bool IsSame(const ParquetColumn& a, const ParquetColumn& b) {
    return a.kind == b.kind && a.path == b.path && a.unless == b.unless;
  }

  Result<std::shared_ptr<const Table>> TableOf(const std::string& path, const std::vector<ParquetColumn>& columns) {
    ASSIGN_OR_RETURN(const std::string text, store_->Get(path));
    if (memory_ == nullptr) return Table::Decode(path, text, columns);
    if (memory_->known_.size() >= Memory::kMaxTexts) memory_->known_.clear();
    auto& known = memory_->known_[text];
    for (const auto& each : known) {
      if (std::equal(each.columns.begin(), each.columns.end(), columns.begin(), columns.end(), IsSame)) {
        return each.table;
      }
    }
    ASSIGN_OR_RETURN(auto table, Table::Decode(path, text, columns));
    known.push_back({columns, table});
    return table;
  }

  // Whatever `keep_from_bytes` says, the column to keep is kept.
  static Status ReadPart(const ParquetRequest& request, size_t index, const Part& part, ParquetConsumer* consumer) {
    std::optional<size_t> keep;
    for (size_t i = 0; i < request.columns.size(); i++) {
      if (request.columns[i].path == request.keep && part.table->Has(i)) keep = i;
    }
    std::shared_ptr<const Kept> kept;
    if (keep) kept = std::make_shared<const Kept>(part.table, *keep, part.first, part.count);
    consumer->BeginPart(index, part.file, static_cast<int64_t>(part.first), std::move(kept));
    RETURN_IF_ERROR(consumer->Take(index, Rows(part, keep)));
    consumer->EndPart(index);
    return Status::Ok();
  }

  storage::ObjectStore* store_;
  Memory* memory_;
};

}  // namespace deltic::delta::testing
