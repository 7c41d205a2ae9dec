/*
 * The descriptor on which a test learns that the program has nothing left to do.
 */
#ifndef TUI_IDLE_H
#define TUI_IDLE_H

/* The open descriptor that BUZON_IDLE_FD names (not inherited by what we start), or -1. */
int idle_open(void);
/* One byte; nothing where fd is -1. */
void idle_tell(int fd);

#endif
