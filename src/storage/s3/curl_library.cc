#include "storage/s3/curl_library.h"

#include "base/dynamic_library.h"

namespace deltic::storage::s3 {
namespace {

const CurlLibrary* Load() {
  void* library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return nullptr;
  static CurlLibrary curl;
  const bool complete = FindSymbol(library, "curl_global_init", &curl.global_init) &&
                        FindSymbol(library, "curl_easy_init", &curl.easy_init) &&
                        FindSymbol(library, "curl_easy_cleanup", &curl.easy_cleanup) &&
                        FindSymbol(library, "curl_easy_setopt", &curl.easy_setopt) &&
                        FindSymbol(library, "curl_easy_getinfo", &curl.easy_getinfo) &&
                        FindSymbol(library, "curl_easy_perform", &curl.easy_perform) &&
                        FindSymbol(library, "curl_easy_reset", &curl.easy_reset) &&
                        FindSymbol(library, "curl_easy_strerror", &curl.easy_strerror) &&
                        FindSymbol(library, "curl_slist_append", &curl.slist_append) &&
                        FindSymbol(library, "curl_slist_free_all", &curl.slist_free_all);
  if (!complete || curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return nullptr;
  return &curl;
}

}  // namespace

const CurlLibrary* Curl() {
  static const CurlLibrary* const kLibrary = Load();
  return kLibrary;
}

}  // namespace deltic::storage::s3
