#include "libs/domain/traffic_shape.h"
