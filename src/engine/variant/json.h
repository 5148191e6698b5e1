// Variants as JSON texts and of JSON texts, as Spark's parse_json reads and Variant.toJson writes them. Pure;
// thread-safe. Failures throw.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "engine/functions/time_zone.h"
#include "engine/text/json_reader.h"
#include "engine/variant/encoding.h"

namespace deltic::engine::variant {

// `zone`: of timestamps. The text is valid UTF-8 whatever the bytes are.
std::string ToJson(const VariantView& view, const functions::Zone& zone);
// The same of a part, on the way down from its root.
std::string ToJson(const VariantView& view, const functions::Zone& zone, Descent* descent);

// Appends the document. An error: MALFORMED_RECORD_IN_PARSING (as a name that an object has twice), VARIANT_SIZE_LIMIT.
Status ParseJson(std::string_view text, std::string_view function, VariantBuilder* out);
// Appends the value at the reader's current token, to its end. An error: the text is malformed.
Status AppendJson(text::JsonReader* reader, VariantBuilder* out);

}  // namespace deltic::engine::variant
