// Precompiled header of spark/catalog/: what most of its files include.
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

#include "spark/catalog/server_catalog.h"
#include "spark/resolve/resolver.h"
#include "spark/session/session.h"
