// DELTIC_CHECK: a programmer error. On in release builds too; prints the place and aborts. User input
// never reaches a check: it is refused with a Status.
#pragma once

namespace deltic {
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition);
}  // namespace deltic

#define DELTIC_CHECK(cond)                              \
  do {                                                  \
    if (!(cond)) [[unlikely]]                           \
      ::deltic::CheckFailed(__FILE__, __LINE__, #cond); \
  } while (0)
