#include "libs/base/termination.h"
