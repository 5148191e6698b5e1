// Whether DuckDB keeps what it has read of remote data files, within the engine's memory limit and given up first when
// memory is short. Local files are left to the operating system. On by default.
#pragma once

#include "engine/engine.h"

namespace deltic::engine {

// `engine` is this folder's own (Engine::Open). Before the first query.
void SetRemoteFileCache(Engine* engine, bool enabled);

}  // namespace deltic::engine
