// The functions of Spark 3.5 and 4 that this server does not have, with the reason a user reads.
#include "spark/functions/refused.h"

#include "types/data_type.h"

namespace deltic::spark::functions {
namespace {

constexpr std::string_view kJvm = "there is no JVM to call into";
constexpr std::string_view kTime = "the TIME type is not supported";
constexpr std::string_view kXml = "reading and writing XML is not supported";
constexpr std::string_view kGeo = "the GEOMETRY and GEOGRAPHY types are not supported";
constexpr std::string_view kSketch = "this kind of sketch is not supported";
constexpr std::string_view kCollation = "only the collation UTF8_BINARY is supported";
constexpr std::string_view kUtf8 = "every string of this server is valid UTF-8";
constexpr std::string_view kFiles = "the file of a row is in the column _metadata";
constexpr std::string_view kRandom = "this random generator is not supported";
constexpr std::string_view kCsv = "CSV texts inside columns are not supported";
constexpr std::string_view kTransform = "a partition transform stands in PARTITIONED BY only";
constexpr std::string_view kVector = "vector functions are not supported";

constexpr RefusedFunction kRefused[] = {
    {"approx_top_k", kSketch},
    {"approx_top_k_accumulate", kSketch},
    {"approx_top_k_combine", kSketch},
    {"approx_top_k_estimate", kSketch},
    {"bitmap_and_agg", "bitmaps are built and united only"},
    {"bucket", kTransform},
    {"collate", kCollation},
    {"current_path", "there is no SQL path"},
    {"current_time", kTime},
    {"days", kTransform},
    {"from_csv", kCsv},
    {"from_xml", kXml},
    {"hours", kTransform},
    {"input_file_block_length", kFiles},
    {"input_file_block_start", kFiles},
    {"input_file_name", kFiles},
    {"is_valid_utf8", kUtf8},
    {"is_valid_variant", "every use of a variant checks it"},
    {"java_method", kJvm},
    {"make_time", kTime},
    {"make_valid_utf8", kUtf8},
    {"months", kTransform},
    {"randstr", kRandom},
    {"reflect", kJvm},
    {"schema_of_csv", kCsv},
    {"schema_of_xml", kXml},
    {"st_asbinary", kGeo},
    {"st_geogfromwkb", kGeo},
    {"st_geomfromwkb", kGeo},
    {"st_setsrid", kGeo},
    {"st_srid", kGeo},
    {"time_bucket", "use window() or date_trunc()"},
    {"time_diff", kTime},
    {"time_from_micros", kTime},
    {"time_from_millis", kTime},
    {"time_from_seconds", kTime},
    {"time_to_micros", kTime},
    {"time_to_millis", kTime},
    {"time_to_seconds", kTime},
    {"time_trunc", kTime},
    {"to_csv", kCsv},
    {"to_time", kTime},
    {"to_xml", kXml},
    {"try_reflect", kJvm},
    {"try_to_time", kTime},
    {"try_validate_utf8", kUtf8},
    {"uniform", kRandom},
    {"unwrap_udt", "user-defined types are not supported"},
    {"validate_utf8", kUtf8},
    {"vector_cosine_similarity", kVector},
    {"vector_inner_product", kVector},
    {"vector_l2_distance", kVector},
    {"vector_norm", kVector},
    {"vector_normalize", kVector},
    {"years", kTransform},
};

// Families of sketches, by how their names start.
constexpr std::string_view kSketchFamilies[] = {"kll_", "theta_", "tuple_"};

}  // namespace

std::span<const RefusedFunction> RefusedFunctions() { return kRefused; }

Status CheckRefused(std::string_view name) {
  const std::string lower = types::ToLower(name);
  const auto refuse = [&](std::string_view why) {
    return Unsupported("the function " + lower + ": " + std::string(why));
  };
  for (const RefusedFunction& row : kRefused) {
    if (row.name == lower) return refuse(row.why);
  }
  for (const std::string_view family : kSketchFamilies) {
    if (lower.starts_with(family)) return refuse(kSketch);
  }
  return Status::Ok();
}

}  // namespace deltic::spark::functions
