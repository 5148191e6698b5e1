// "Parquet" files kept as JSON lines in an object store, so that tests and the simulation see and damage them. As
// thread-safe as the store.
#pragma once

#include <simdjson.h>

#include <string>
#include <vector>

#include "delta/io/parquet_io.h"
#include "storage/object_store.h"

namespace deltic::delta::testing {

class JsonParquet : public ParquetIo {
 public:
  explicit JsonParquet(storage::ObjectStore* store) : store_(store) {}

  Status ReadColumns(const std::string& path, const std::vector<ParquetColumn>& columns,
                     const std::function<Status(const ParquetRows&)>& rows) override {
    ASSIGN_OR_RETURN(const std::string text, store_->Get(path));
    Rows batch(columns);
    size_t start = 0;
    while (start < text.size()) {
      const size_t end = std::min(text.find('\n', start), text.size());
      const std::string line = text.substr(start, end - start);
      start = end + 1;
      if (line.empty()) continue;
      simdjson::dom::element root;
      if (batch.parser.parse(line).get(root) != simdjson::SUCCESS || !root.is_object()) {
        return IoError(path, "not a Parquet file");
      }
      RETURN_IF_ERROR(batch.Take(path, root));
      RETURN_IF_ERROR(rows(batch));
    }
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
  // One row at a time.
  class Rows : public ParquetRows {
   public:
    explicit Rows(const std::vector<ParquetColumn>& columns) : columns_(columns), cells_(columns.size()) {}

    Status Take(const std::string& path, const simdjson::dom::element& root) {
      for (size_t i = 0; i < columns_.size(); i++) {
        Cell& cell = cells_[i];
        simdjson::dom::element other;
        cell.null = !Find(root, columns_[i].path, &cell.value) ||
                    (!columns_[i].unless.empty() && Find(root, columns_[i].unless, &other));
        if (cell.null) continue;
        using Kind = ParquetColumn::Kind;
        bool fits = true;
        if (columns_[i].kind == Kind::kInt) fits = ReadInt(cell.value, &cell.number);
        if (columns_[i].kind == Kind::kText) fits = cell.value.get(cell.view) == simdjson::SUCCESS;
        if (columns_[i].kind == Kind::kMap) fits = cell.value.is_object();
        if (columns_[i].kind == Kind::kJson) {
          cell.text = simdjson::minify(cell.value);
          cell.view = cell.text;
        }
        if (!fits) return IoError(path, "the column " + columns_[i].path + " has another type");
      }
      return Status::Ok();
    }

    size_t size() const override { return 1; }
    bool IsNull(size_t column, size_t) const override { return cells_[column].null; }
    int64_t Int(size_t column, size_t) const override { return cells_[column].number; }
    std::string_view Text(size_t column, size_t) const override { return cells_[column].view; }
    void ForEachEntry(
        size_t column, size_t,
        const std::function<void(std::string_view, std::optional<std::string_view>)>& each) const override {
      simdjson::dom::object entries;
      if (cells_[column].value.get(entries) != simdjson::SUCCESS) return;
      for (const auto entry : entries) {
        std::string_view text;
        each(entry.key, entry.value.get(text) == simdjson::SUCCESS ? std::optional(text) : std::nullopt);
      }
    }

    simdjson::dom::parser parser;

   private:
    struct Cell {
      bool null = true;
      int64_t number = 0;
      std::string_view view;
      std::string text;
      simdjson::dom::element value;
    };

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

    const std::vector<ParquetColumn>& columns_;
    std::vector<Cell> cells_;
  };

  storage::ObjectStore* store_;
};

}  // namespace deltic::delta::testing
