// The part of a filter that can tell whole files apart, and its evaluation against a file's partition values and
// statistics (PROTOCOL.md › Per-file Statistics). Columns are physical names. Predicate is a plain value.
//
// Rule: a file is left out only when no row in it can make the predicate TRUE. What is not understood (missing or odd
// statistics, types without an order here, kUnknown) keeps the file. Conservative about: truncated strings, timestamps
// cut to milliseconds, NaN, decimals beyond double precision, partition timestamps without a zone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "delta/spec/actions.h"

namespace deltic::delta {

// A typed constant. Dates are days, timestamps microseconds since the epoch (kInt); decimals are unscaled values.
struct Constant {
  enum class Kind : uint8_t { kNull, kBool, kInt, kDouble, kString, kDecimal };
  Kind kind = Kind::kNull;
  int64_t number = 0;  // kBool: 0 or 1
  double real = 0;
  std::string text;
  __int128 unscaled = 0;
  int scale = 0;

  static Constant Null() { return {}; }
  static Constant Bool(bool value);
  static Constant Int(int64_t value);
  static Constant Double(double value);
  static Constant String(std::string value);
  static Constant Decimal(__int128 unscaled, int scale);
};

struct Predicate {
  enum class Op : uint8_t {
    kUnknown,  // may be true for any row
    kAnd,
    kOr,
    kNot,
    kEq,
    kNe,
    kLt,
    kLe,
    kGt,
    kGe,
    kNullSafeEq,
    kIn,          // any of `values`
    kStartsWith,  // a string prefix
    kIsNull,
    kIsNotNull,
    kAlways,
    kNever,  // constants
  };
  Op op = Op::kUnknown;
  std::vector<std::string> column;  // path of physical names, from the top
  types::DataType type;             // of that column
  std::vector<Constant> values;     // one for comparisons
  std::vector<Predicate> children;  // kAnd, kOr: any number; kNot: one

  static Predicate And(std::vector<Predicate> children);
  static Predicate Or(std::vector<Predicate> children);
  static Predicate Not(Predicate child);
  static Predicate Compare(Op op, std::vector<std::string> column, types::DataType type, Constant value);
  static Predicate In(std::vector<std::string> column, types::DataType type, std::vector<Constant> values);
  static Predicate IsNull(std::vector<std::string> column, types::DataType type);
  static Predicate IsNotNull(std::vector<std::string> column, types::DataType type);
};

// Decides file after file, reusing its buffers; for one thread. The partition columns are physical names.
class FileSkipper {
 public:
  FileSkipper(Predicate predicate, std::vector<std::string> partition_columns);
  ~FileSkipper();
  FileSkipper(const FileSkipper&) = delete;
  FileSkipper& operator=(const FileSkipper&) = delete;

  bool KeepFile(const AddFile& file);
  bool KeepFile(std::string_view stats_json, const PartitionValues& partition_values);
  // By partition values alone (for conflict checks and partition-only deletes).
  bool KeepPartition(const PartitionValues& partition_values);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Text forms of the log as microseconds / days; false when malformed. A timestamp without zone is taken as UTC and
// *has_zone tells.
bool ParseStatsTimestamp(std::string_view text, int64_t* micros, bool* has_zone);
bool ParseStatsDate(std::string_view text, int64_t* days);

}  // namespace deltic::delta
