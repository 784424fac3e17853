#include "libs/domain/slo.h"
