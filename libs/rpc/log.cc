#include "libs/rpc/log.h"
