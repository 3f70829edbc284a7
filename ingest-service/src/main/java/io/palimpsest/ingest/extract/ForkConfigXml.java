package io.palimpsest.ingest.extract;

import io.palimpsest.ingest.extract.fork.DocumentFetcher;
import io.palimpsest.ingest.extract.fork.GuardedContent;
import io.palimpsest.ingest.extract.fork.GuardedEmbedding;
import io.palimpsest.ingest.extract.fork.ResultEmitter;
import io.palimpsest.ingest.extract.fork.TextCharsetDetector;

/** The Tika configuration of the parser processes: names no path, so that its hash is part of the fingerprint. */
final class ForkConfigXml {
    static final String FETCHER = "document";
    static final String EMITTER = "result";

    private static final String PARSERS = """
              <parsers>
                <parser class="org.apache.tika.parser.DefaultParser">
                  <parser-exclude class="org.apache.tika.parser.ocr.TesseractOCRParser"/>
                  <parser-exclude class="org.apache.tika.parser.external.CompositeExternalParser"/>
                  <parser-exclude class="org.apache.tika.parser.pdf.PDFParser"/>
                  <parser-exclude class="org.apache.tika.parser.microsoft.OfficeParser"/>
                  <parser-exclude class="org.apache.tika.parser.microsoft.ooxml.OOXMLParser"/>
                </parser>
                <parser class="org.apache.tika.parser.pdf.PDFParser">
                  <params>
                    <param name="ocrStrategy" type="string">no_ocr</param>
                    <param name="extractBookmarksText" type="bool">true</param>
                    <param name="suppressDuplicateOverlappingText" type="bool">false</param>
                  </params>
                </parser>
                <parser class="org.apache.tika.parser.microsoft.OfficeParser">
                  <params>
                    <param name="includeSlideMasterContent" type="bool">false</param>
                  </params>
                </parser>
                <parser class="org.apache.tika.parser.microsoft.ooxml.OOXMLParser">
                  <params>
                    <param name="includeSlideMasterContent" type="bool">false</param>
                  </params>
                </parser>
              </parsers>
              <encodingDetectors>
                <encodingDetector class="org.apache.tika.parser.html.HtmlEncodingDetector"/>
                <encodingDetector class="%s"/>
                <encodingDetector class="org.apache.tika.parser.txt.Icu4jEncodingDetector"/>
                <encodingDetector class="org.apache.tika.parser.txt.UniversalEncodingDetector"/>
              </encodingDetectors>
            """.formatted(TextCharsetDetector.class.getName());

    private ForkConfigXml() {}

    static String of(ExtractLimits limits) {
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <properties>
            %s
              <autoDetectParserConfig>
                <throwOnZeroBytes>true</throwOnZeroBytes>
                <maximumDepth>2000</maximumDepth>
                <maximumCompressionRatio>1000000000</maximumCompressionRatio>
                <maximumPackageEntryDepth>1000000</maximumPackageEntryDepth>
                <contentHandlerDecoratorFactory class="%s">
                  <maxDepth>%d</maxDepth>
                  <maxEmbedded>%d</maxEmbedded>
                  <maxExpansionRatio>%d</maxExpansionRatio>
                </contentHandlerDecoratorFactory>
                <embeddedDocumentExtractorFactory class="%s"/>
              </autoDetectParserConfig>
              <fetchers>
                <fetcher class="%s"><name>%s</name></fetcher>
              </fetchers>
              <emitters>
                <emitter class="%s"><name>%s</name></emitter>
              </emitters>
            </properties>
            """.formatted(
                        PARSERS,
                        GuardedContent.class.getName(),
                        limits.maxDepth(),
                        limits.maxEmbedded(),
                        limits.maxExpansionRatio(),
                        GuardedEmbedding.class.getName(),
                        DocumentFetcher.class.getName(),
                        FETCHER,
                        ResultEmitter.class.getName(),
                        EMITTER);
    }
}
