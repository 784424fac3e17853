#include "libs/domain/judge.h"
