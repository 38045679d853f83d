// The functions that a back end provides; ck_dispatch.c picks one table for the process.
#ifndef CK_TABLE_H
#define CK_TABLE_H
#include "CKernels.h"

// What becomes of a sum of products: stored; added to what C holds (whose size would cost the products digits if the
// chain began with it); or the chain goes on from what C holds, which is the sum of the products before.
typedef enum { CK_STORE, CK_ADD, CK_CONTINUE } ck_sum;

// Loops over the entries of dense updates (see CKernels.h).
typedef struct {
    void (*keep)(float *, ptrdiff_t, uint32_t, uint32_t);
    ptrdiff_t (*above)(const float *, ptrdiff_t, uint32_t, uint32_t, uint32_t *, ptrdiff_t *);
    void (*thin)(float *, ptrdiff_t, uint64_t, uint64_t, float);
    void (*elect)(const float *const *, ptrdiff_t, ptrdiff_t, const float *, const float *, int, float *);
    void (*add)(const float *const *, ptrdiff_t, ptrdiff_t, const float *, float *);
    bool (*thin_ranked)(float *, ptrdiff_t, uint64_t, const uint64_t *, uint32_t *);
    bool (*rank)(const float *, ptrdiff_t, int32_t *, uint64_t *);
    void (*thin_by_rank)(float *, ptrdiff_t, uint64_t, const uint64_t *, const float *, const int32_t *);
} ck_entries;

typedef struct {
    const char *name;
    ptrdiff_t rows, columns;  // the largest tile
    // C[0 ..< m, 0 ..< width] of one panel, or two where width is above 16; the last may be read to its full width.
    // For each k it asks for the memory at ahead + k·ahead_step (bytes), and in the second panel likewise.
    void (*tile)(ptrdiff_t m, ptrdiff_t width, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_step,
                 const float *b, ptrdiff_t b_panel, ptrdiff_t b_step, float *c, ptrdiff_t c_row, ck_sum mode,
                 const char *ahead, ptrdiff_t ahead_step);
    float (*rms_norm)(const float *, const float *, float *, ptrdiff_t, float);
    void (*rms_norm_backward)(const float *, const float *, const float *, float, float *, ptrdiff_t);
    void (*softmax)(float *, ptrdiff_t, ptrdiff_t, float);
    void (*softmax_backward)(const float *, float *, ptrdiff_t, ptrdiff_t, float);
    void (*silu_multiply)(const float *, const float *, float *, ptrdiff_t);
    void (*silu_multiply_backward)(float *, float *, const float *, ptrdiff_t);
    float (*log_sum_exp)(const float *, ptrdiff_t);
    void (*cross_entropy_backward)(float *, ptrdiff_t, ptrdiff_t, float, float);
    float (*entropy)(const float *, ptrdiff_t, float);
    void (*entropy_backward)(float *, ptrdiff_t, float, float, float);
    float (*dot)(const float *, const float *, ptrdiff_t);
    void (*layer_norm)(const float *, const float *, const float *, float *, ptrdiff_t, float);
    void (*layer_norm_backward)(const float *, const float *, const float *, float *, ptrdiff_t, float);
    void (*gelu_multiply)(const float *, const float *, float *, ptrdiff_t);
    void (*gelu_multiply_backward)(float *, float *, const float *, ptrdiff_t);
    // One group of a row in 8 bits with the sum of its numbers; returns its scale.
    float (*quantize)(const float *, ptrdiff_t, int8_t *, int32_t *);
    const ck_entries *entries;
} ck_table;

// The table in use.
const ck_table *ck_current(void);

extern const ck_table ck_plain;
#if defined(__x86_64__)
extern const ck_table ck_avx2;
extern const ck_table ck_avx512;
#else
extern const ck_table ck_vector;
#endif

// exp(x) for x ≤ 88: 2^n·p(r), r = x − n·ln 2 in two parts, p a degree-6 minimax polynomial (error below 2 ulp).
// Below −87.3 the result is 0. The constants are shared so that every back end computes the same bits.
#define CK_LOG2E 1.44269504088896341f
#define CK_LN2_HIGH 0.693359375f
#define CK_LN2_LOW -2.12194440e-4f
#define CK_EXP_LOWEST -87.3f
#define CK_EXP_HIGHEST 88.0f
#define CK_EXP_ROUND 12582912.0f
// A group whose largest number is no more than this counts as zeros: 127 / largest would overflow.
#define CK_SMALLEST 1e-30f

// Rounds to the nearest integer, ties to even, within ±127; what is not a number becomes −127.
static inline int32_t ck_rounded(float x) {
    float whole = (x + CK_EXP_ROUND) - CK_EXP_ROUND;
    whole = whole >= -127.0f ? whole : -127.0f;
    return (int32_t)(whole <= 127.0f ? whole : 127.0f);
}

#define CK_P0 1.9875691500e-4f
#define CK_P1 1.3981999507e-3f
#define CK_P2 8.3334519073e-3f
#define CK_P3 4.1665795894e-2f
#define CK_P4 1.6666665459e-1f
#define CK_P5 5.0000001201e-1f

// gelu(x) = x / (1 + exp(x·(A + B·x²))) with A = −2·√(2/π) and B = 0.044715·A: the tanh form, rewritten by
// (1 + tanh(u)) / 2 = 1 / (1 + exp(−2u)). From x² = 400 on, exp is at its end either way, so x² stops there.
#define CK_GELU_A -1.59576912160573071f
#define CK_GELU_B -0.0713548162726002527f
#define CK_GELU_HIGHEST 400.0f

#endif
