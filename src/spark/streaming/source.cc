#include "spark/streaming/source.h"

#include "spark/catalog/file_source.h"
#include "spark/streaming/delta_source.h"
#include "spark/streaming/file_source.h"
#include "spark/streaming/rate_source.h"

namespace deltic::spark::streaming {

Result<std::unique_ptr<Source>> OpenSource(const SourceContext& context, const engine::StreamRel& relation) {
  if (relation.spec->format == "delta") return DeltaSource::Open(context, relation);
  if (relation.spec->format == "rate") return RateSource::Open(context, relation);
  if (catalog::FileFormatOf(relation.spec->format).has_value()) return FileSource::Open(context, relation);
  return Unsupported("the streaming source '" + relation.spec->format + "'");
}

}  // namespace deltic::spark::streaming
