// Precompiled header of spark/resolve/: what most of its files include.
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

#include "spark/resolve/expression_binder.h"
