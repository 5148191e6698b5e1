// Precompiled header of spark/command/: what most of its files include.
#pragma once
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "spark/catalog/server_catalog.h"
#include "spark/catalog/snapshot_scan.h"
#include "spark/command/dml_write.h"
#include "spark/command/handlers.h"
#include "spark/command/result_rows.h"
