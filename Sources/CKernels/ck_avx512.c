#if defined(__x86_64__)
#include "ck_table.h"
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma,popcnt"))), apply_to = function)

// As `entries_above` in ck_entries.inc, with the instruction that moves chosen lanes together.
static ptrdiff_t above_avx512(const float *x, ptrdiff_t count, uint32_t low, uint32_t high, uint32_t *found,
                              ptrdiff_t *found_count) {
    __m512i magnitude_bits = _mm512_set1_epi32(0x7fffffff), lowest = _mm512_set1_epi32((int)low),
            highest = _mm512_set1_epi32((int)high);
    ptrdiff_t above = 0, held = 0;
    for (ptrdiff_t i = 0; i < count; i += 16) {
        __mmask16 there = count - i < 16 ? (__mmask16)((1u << (count - i)) - 1) : (__mmask16)0xffff;
        __m512i magnitude = _mm512_and_si512(_mm512_maskz_loadu_epi32(there, x + i), magnitude_bits);
        above += __builtin_popcount(_mm512_mask_cmpgt_epu32_mask(there, magnitude, highest));
        __mmask16 between = _mm512_mask_cmpge_epu32_mask(there, magnitude, lowest) &
                            _mm512_cmple_epu32_mask(magnitude, highest);
        // Lanes behind those chosen are written over by the next ones.
        _mm512_storeu_si512(found + held, _mm512_maskz_compress_epi32(between, magnitude));
        held += __builtin_popcount(between);
    }
    *found_count = held;
    return above;
}

#define CK_ABOVE above_avx512
#define CK_ROWS 12
#define CK_WIDE 1
#define CK_NAME "avx512"
#define CK_TABLE ck_avx512
#include "ck_vector.inc"
#pragma clang attribute pop
#endif
