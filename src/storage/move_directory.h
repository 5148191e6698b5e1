// Moves a directory as a whole, without ever replacing one. Only local directories can be moved so: object stores have
// no such operation, and copying is not atomic. Thread-safe; the file system decides races.
#pragma once

#include <string_view>

#include "storage/object_store.h"

namespace deltic::storage {

// UNSUPPORTED_FEATURE naming `what` where the store cannot move; LOCATION_ALREADY_EXISTS when `to` is there already;
// PATH_NOT_FOUND when `from` is not. Durable when it returns.
Status MoveDirectory(const ObjectStore& store, std::string_view from, std::string_view to, const std::string& what);

}  // namespace deltic::storage
