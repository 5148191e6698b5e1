// libcurl, loaded when the first request is made: linked in, it would bring thirty shared libraries into every start of
// the server. Thread-safe.
#pragma once

#define CURL_DISABLE_TYPECHECK  // its checks are macros over the functions' own names
#include <curl/curl.h>

namespace deltic::storage::s3 {

// libcurl's functions by their names without the prefix "curl_".
struct CurlLibrary {
  decltype(&curl_global_init) global_init;
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_perform) easy_perform;
  decltype(&curl_easy_reset) easy_reset;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;
};

// Loaded and initialised once per process, never unloaded; null when the system has no usable libcurl.so.4.
const CurlLibrary* Curl();

}  // namespace deltic::storage::s3
