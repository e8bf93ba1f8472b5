// The part of libxml2 that RuleSyntax uses.
#ifndef LEAFPROOF_CLIBXML2_SHIM_H
#define LEAFPROOF_CLIBXML2_SHIM_H

// Debian's libxml2 names types of ICU, which Foundation brings in another version. Who imports both can't
// be compiled then, and nobody here uses them.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>

// `xmlFree` is a global variable that holds a function; Swift can't use mutable C globals safely.
static inline void leafproof_xml_free(void *memory) { xmlFree(memory); }

#endif
