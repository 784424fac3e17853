#include "libs/base/suggest.h"
