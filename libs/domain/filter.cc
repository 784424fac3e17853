#include "libs/domain/filter.h"
