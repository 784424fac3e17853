#include "libs/domain/benchmark.h"
