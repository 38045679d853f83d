// The system's libxml2: its streaming reader and nothing else.
//
// Where libxml2 is built with ICU, its headers bring in ICU's, which Foundation has of its own: a module cannot hold both.
// Without ICU's mark in the configuration they stay out. The layout of xmlCharEncodingHandler then differs from the
// library's, so nothing here may touch one.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/xmlerror.h>
#include <libxml/xmlreader.h>
