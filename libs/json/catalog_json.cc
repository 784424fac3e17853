#include "libs/json/catalog_json.h"
