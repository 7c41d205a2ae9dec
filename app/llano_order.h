/*
 * What a line means to the line mode where nothing else is asked: a row or field by its number, a
 * command by its name, a key by its letter; Enter, `-` and `.` move over what is printed.
 */
#ifndef APP_LLANO_ORDER_H
#define APP_LLANO_ORDER_H

#include "app/llano_state.h"

void llano_order_line(struct llano *s, const char *text);

#endif
