#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace deltic {
void CheckFailed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "%s:%d: check failed: %s. This is a bug in deltic, please report it.\n", file, line, condition);
  std::abort();
}
}  // namespace deltic
