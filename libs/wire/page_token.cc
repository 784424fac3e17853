#include "libs/wire/page_token.h"
