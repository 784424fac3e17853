#include "libs/rpc/server.h"
