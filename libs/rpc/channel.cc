#include "libs/rpc/channel.h"
