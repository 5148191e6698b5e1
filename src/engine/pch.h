// Precompiled header of engine/: DuckDB's API takes seconds to parse.
#pragma once
#include "duckdb.hpp"
