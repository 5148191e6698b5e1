# DELTIC_SANITIZE: "address,undefined" or "thread". vptr checks are off: DuckDB comes without its type information.
set(DELTIC_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=")
if(DELTIC_SANITIZE)
  add_compile_options(-fsanitize=${DELTIC_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${DELTIC_SANITIZE})
  if(DELTIC_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize=vptr,alignment)
    add_link_options(-fno-sanitize=vptr,alignment)
  endif()
  # Every executable links it.
  add_library(deltic_sanitizer_defaults OBJECT "${CMAKE_SOURCE_DIR}/cmake/sanitizer_defaults.cc")
else()
  add_library(deltic_sanitizer_defaults INTERFACE)
endif()
