#include "libs/wire/benchmark_wire.h"
