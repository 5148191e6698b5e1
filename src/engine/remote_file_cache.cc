#include "engine/remote_file_cache.h"

#include "duckdb.hpp"
#include "duckdb/storage/external_file_cache.hpp"
#include "engine/engine_impl.h"

namespace deltic::engine {

void SetRemoteFileCache(Engine* engine, bool enabled) {
  auto connection = static_cast<EngineImpl*>(engine)->Connect();
  duckdb::ExternalFileCache::Get(*connection->context).SetEnabled(enabled);
}

}  // namespace deltic::engine
