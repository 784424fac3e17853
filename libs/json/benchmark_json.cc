#include "libs/json/benchmark_json.h"
