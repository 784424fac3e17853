#include "libs/rpc/pipeline.h"
