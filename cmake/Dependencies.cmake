# Third-party targets, namespaced dep::. The prefix is laid out by tools/setup from tools/deps.lock.
if(DEFINED ENV{DELTIC_CACHE})
  set(default_prefix "$ENV{DELTIC_CACHE}/prefix")
else()
  set(default_prefix "$ENV{HOME}/.cache/deltic/prefix")
endif()
set(DELTIC_PREFIX "${default_prefix}" CACHE PATH "Where tools/setup put the pinned dependencies")
if(NOT EXISTS "${DELTIC_PREFIX}/.proto")
  message(FATAL_ERROR "Dependencies are not set up; run ./dev setup first")
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

function(deltic_pkg name)
  pkg_check_modules(${name}_pc REQUIRED IMPORTED_TARGET ${ARGN})
  add_library(dep_${name} INTERFACE)
  target_link_libraries(dep_${name} INTERFACE PkgConfig::${name}_pc)
  add_library(dep::${name} ALIAS dep_${name})
endfunction()

# As deltic_pkg, but linked statically where the distribution has the archive: gRPC and its sixty small libraries would
# otherwise cost a quarter of the server's start. TLS stays shared, so that the system's security updates reach it.
function(deltic_static_pkg name)
  pkg_check_modules(${name}_pc REQUIRED ${ARGN})
  set(items "")
  foreach(library ${${name}_pc_STATIC_LIBRARIES})
    find_library(${name}_${library}_archive "lib${library}.a")
    if(${name}_${library}_archive AND NOT library MATCHES "^(ssl|crypto|z|dl|pthread|rt|m|atomic)$")
      list(APPEND items "${${name}_${library}_archive}")
    else()
      list(APPEND items "${library}")
    endif()
    unset(${name}_${library}_archive CACHE)
  endforeach()
  list(REVERSE items)
  list(REMOVE_DUPLICATES items)
  list(REVERSE items)
  add_library(dep_${name} INTERFACE)
  target_link_libraries(dep_${name} INTERFACE -Wl,--start-group ${items} -Wl,--end-group)
  target_compile_options(dep_${name} INTERFACE ${${name}_pc_CFLAGS_OTHER})
  add_library(dep::${name} ALIAS dep_${name})
endfunction()

deltic_static_pkg(grpc grpc++ protobuf)
deltic_pkg(simdjson simdjson)
deltic_pkg(spdlog spdlog fmt)
deltic_static_pkg(xxhash libxxhash)
deltic_static_pkg(zstd libzstd)
deltic_static_pkg(re2 re2)
deltic_pkg(openssl openssl)
deltic_pkg(zlib zlib)

function(deltic_dep name)
  cmake_parse_arguments(arg "" "" "INCLUDE;LINK" ${ARGN})
  add_library(dep_${name} INTERFACE)
  target_include_directories(dep_${name} SYSTEM INTERFACE ${arg_INCLUDE})
  target_link_libraries(dep_${name} INTERFACE ${arg_LINK})
  add_library(dep::${name} ALIAS dep_${name})
endfunction()

set(duckdb_root "${DELTIC_PREFIX}/duckdb")
deltic_dep(duckdb INCLUDE "${duckdb_root}/include" "${duckdb_root}/parquet" "${duckdb_root}/third_party/parquet"
                          "${duckdb_root}/third_party/thrift"
           LINK "${duckdb_root}/lib/libduckdb.so" Threads::Threads)
deltic_dep(nanoarrow INCLUDE "${DELTIC_PREFIX}/nanoarrow/include" LINK "${DELTIC_PREFIX}/nanoarrow/lib/libnanoarrow.a")
deltic_dep(proto INCLUDE "${DELTIC_PREFIX}/proto/gen" LINK "${DELTIC_PREFIX}/proto/lib/libconnect_proto.a" dep::grpc)
if(DELTIC_SANITIZE STREQUAL "thread")
  # protobuf's headers lay their maps out otherwise under TSan than the library, which is built without.
  target_compile_options(dep_proto INTERFACE -U__SANITIZE_THREAD__)
endif()
deltic_dep(datasketches INCLUDE "${DELTIC_PREFIX}/datasketches/include")
pkg_check_modules(xml_pc REQUIRED libxml-2.0)
deltic_dep(xml INCLUDE ${xml_pc_INCLUDE_DIRS} LINK ${CMAKE_DL_LIBS})  # its headers; xml/xpath.cc loads the library
pkg_check_modules(pcre2_pc REQUIRED libpcre2-8)
deltic_dep(pcre2 INCLUDE ${pcre2_pc_INCLUDE_DIRS} LINK ${CMAKE_DL_LIBS})  # likewise; regex/backtracking.cc
deltic_dep(roaring LINK roaring)
deltic_dep(date LINK date-tz)
deltic_dep(cli11)
deltic_dep(curl LINK ${CMAKE_DL_LIBS})  # its headers; storage/s3/curl_library.cc loads the library
deltic_dep(gtest LINK gtest gmock gtest_main Threads::Threads)

# The binary finds libduckdb.so in the prefix while developing, and beside itself ($ORIGIN) when packaged.
set(CMAKE_BUILD_RPATH "$ORIGIN;${duckdb_root}/lib")
