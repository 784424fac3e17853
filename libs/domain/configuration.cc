#include "libs/domain/configuration.h"
