// Functions of a library that is loaded at its first use, so that a start does not pay for it. Stateless; thread-safe.
#pragma once

#include <dlfcn.h>

namespace deltic {

// Sets *function to the symbol `name`; false when `library`, a handle of dlopen, has none.
template <typename Function>
bool FindSymbol(void* library, const char* name, Function* function) {
  *function = reinterpret_cast<Function>(dlsym(library, name));
  return *function != nullptr;
}

}  // namespace deltic
