#include "libs/json/parse.h"
