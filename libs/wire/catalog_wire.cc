#include "libs/wire/catalog_wire.h"
