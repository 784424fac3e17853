#include "libs/domain/catalog.h"
