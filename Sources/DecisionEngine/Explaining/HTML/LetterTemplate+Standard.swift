extension LetterTemplate {
  /// The letter that is used where a company has none of its own, in German or English. Its texts stand
  /// in `examples/letters` too, to be edited.
  public static func standard(_ language: String) -> LetterTemplate {
    let text = standardText(language)
    do throws(Problem) {
      return try LetterTemplate(text)
    } catch {
      // A test reads both texts, so this is never reached.
      return LetterTemplate(blocks: [])
    }
  }

  /// The text of ``standard(_:)``.
  public static func standardText(_ language: String) -> String {
    ReaderLocale(language).isGerman ? german : english
  }

  private static let english = """
    % A letter to the subject of a decision. Edit it: what stands in [brackets] is yours to fill in,
    % and of the notices keep those that apply to you. This is not legal advice.
    [Your company]\\
    [Its street and town]

    {{date}}, case {{case}}

    # {{title}}: {{decision}}

    ## Why
    {{reasons}}

    ## What would change it
    {{changes}}

    ## Who to ask
    [Your office for questions: name, telephone, mail]. Name the case {{case}}. There you can have a
    person look at the decision again, say how you see it, and contest it.

    ## Your rights
    % European Union: GDPR, Articles 15, 22 and 77.
    - You may have a copy of the data that we hold about you, and learn how they led to this decision.
    - You may have them corrected, and the decision made anew.
    - You may complain to the data protection authority: [name and address].
    % United States: Regulation B, 12 CFR 1002.9(b)(1).
    - The federal Equal Credit Opportunity Act prohibits creditors from discriminating against credit \
    applicants on the basis of race, color, religion, national origin, sex, marital status, age \
    (provided the applicant has the capacity to enter into a binding contract); because all or part \
    of the applicant's income derives from any public assistance program; or because the applicant \
    has in good faith exercised any right under the Consumer Credit Protection Act. The federal \
    agency that administers compliance with this law concerning this creditor is [name and address].

    """

  private static let german = """
    % Ein Brief an die Person, um die es geht. Was in [Klammern] steht, füllen Sie aus; von den
    % Hinweisen bleiben die, die für Sie gelten. Dies ist kein Rechtsrat.
    [Ihre Firma]\\
    [Straße und Ort]

    {{date}}, Fall {{case}}

    # {{title}}: {{decision}}

    ## Warum
    {{reasons}}

    ## Was es ändern würde
    {{changes}}

    ## Wen Sie fragen können
    [Ihre Stelle für Fragen: Name, Telefon, E-Mail]. Nennen Sie den Fall {{case}}. Dort können Sie die
    Entscheidung von einem Menschen prüfen lassen, Ihren Standpunkt darlegen und sie anfechten.

    ## Ihre Rechte
    % Europäische Union: DSGVO, Artikel 15, 22 und 77.
    - Sie können eine Kopie Ihrer Daten verlangen und erfahren, wie sie zu dieser Entscheidung führten.
    - Sie können sie berichtigen und neu entscheiden lassen.
    - Sie können sich bei der Datenschutzaufsicht beschweren: [Name und Anschrift].

    """
}
