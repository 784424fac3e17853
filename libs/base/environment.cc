#include "libs/base/environment.h"
