// The sanitizers' settings, part of every executable of a sanitized build so that tests, servers and what a shell
// starts run alike. ASAN_OPTIONS, UBSAN_OPTIONS, LSAN_OPTIONS and TSAN_OPTIONS add to them. Every suppression says why.
#include <cstdio>

extern "C" {

// Containers may be filled by DuckDB and gRPC, which are built without annotations.
const char* __asan_default_options() { return "detect_container_overflow=0:detect_leaks=1:print_suppressions=0"; }

const char* __ubsan_default_options() { return "print_stacktrace=1"; }

// DuckDB, gRPC and what they are made of are built without TSan, which so does not see by what they order their
// threads.
const char* __tsan_default_suppressions() {
  return "race:duckdb::\ncalled_from_lib:libduckdb.so\n"
         "race:^grpc\nrace:^absl::\n";
}

#ifdef __SANITIZE_ADDRESS__
void __ubsan_get_current_report_data(const char** kind, const char** message, const char** file, unsigned* line,
                                     unsigned* column, char** memory);
void __sanitizer_report_error_summary(const char* text);
void __sanitizer_print_stack_trace();

// UBSan of GCC prints on standard error whatever its log_path says; here it is said once more where ASan reports go.
void __ubsan_on_report() {
  const char* kind = "";
  const char* message = "";
  const char* file = "";
  unsigned line = 0;
  unsigned column = 0;
  char* memory = nullptr;
  __ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &memory);
  char text[2048];
  std::snprintf(text, sizeof text, "%s:%u:%u: %s: %s", file, line, column, kind, message);
  __sanitizer_report_error_summary(text);
  __sanitizer_print_stack_trace();
}
#endif
}
