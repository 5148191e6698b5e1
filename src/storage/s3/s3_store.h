// ObjectStore on S3 (AWS, MinIO and others that speak its API): paths "s3a://bucket/key", also s3:// and s3n://.
// Directories are prefixes: they exist as long as something lies below them. Put-if-absent is If-None-Match: *.
// Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "storage/object_store.h"
#include "storage/s3/s3_client.h"

namespace deltic::storage::s3 {

// `tag`: what NativePath puts into the scheme ("s3a+<tag>://bucket/key") so that the engine's reads find this store.
std::shared_ptr<ObjectStore> NewS3Store(const S3Options& options, std::string tag, const Seams& seams = {});

}  // namespace deltic::storage::s3
