// glibc's allocator gives freed memory back to the system, which clears every page of it before it is used again.
#include "CKernels.h"

#ifdef __GLIBC__
#include <malloc.h>

void ck_keep_freed_memory(void) {
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
}
#else
void ck_keep_freed_memory(void) {}
#endif
