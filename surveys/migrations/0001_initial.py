import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Round',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False, verbose_name='meetjaar')),
            ],
            options={
                'verbose_name': 'meetjaar',
                'verbose_name_plural': 'meetjaren',
                'ordering': ['-year'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mailadres')),
                ('name', models.CharField(max_length=120, verbose_name='naam')),
                ('is_active', models.BooleanField(default=True, verbose_name='actief')),
                ('is_staff', models.BooleanField(default=False, verbose_name='technisch beheerder')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='toegevoegd op')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'gebruiker',
                'verbose_name_plural': 'gebruikers',
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('isil', models.CharField(max_length=20, unique=True, verbose_name='ISIL-code')),
                ('name', models.CharField(max_length=160, verbose_name='naam')),
                ('type', models.CharField(choices=[('library', 'bibliotheek'), ('poi', 'POI')], default='library', max_length=10, verbose_name='soort')),
                ('province', models.CharField(choices=[('Drenthe', 'Drenthe'), ('Flevoland', 'Flevoland'), ('Fryslân', 'Fryslân'), ('Gelderland', 'Gelderland'), ('Groningen', 'Groningen'), ('Limburg', 'Limburg'), ('Noord-Brabant', 'Noord-Brabant'), ('Noord-Holland', 'Noord-Holland'), ('Overijssel', 'Overijssel'), ('Utrecht', 'Utrecht'), ('Zeeland', 'Zeeland'), ('Zuid-Holland', 'Zuid-Holland')], max_length=20, verbose_name='provincie')),
                ('poi', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='libraries', to='surveys.organisation', verbose_name='POI')),
            ],
            options={
                'verbose_name': 'organisatie',
                'verbose_name_plural': 'organisaties',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('library', 'library'), ('poi', 'poi'), ('kb', 'kb')], max_length=10, verbose_name='rol')),
                ('questionnaires', models.CharField(blank=True, help_text='Codes van de vragenlijsten die deze persoon mag invullen, met een spatie ertussen; leeg is alle.', max_length=200, verbose_name='vragenlijsten')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='gebruiker')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='surveys.organisation', verbose_name='organisatie')),
            ],
            options={
                'verbose_name': 'lidmaatschap',
                'verbose_name_plural': 'lidmaatschappen',
            },
        ),
        migrations.CreateModel(
            name='Location',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('isil', models.CharField(max_length=20, unique=True, verbose_name='ISIL-code')),
                ('name', models.CharField(max_length=160, verbose_name='naam')),
                ('address', models.CharField(max_length=200, verbose_name='adres')),
                ('kind', models.CharField(max_length=60, verbose_name='soort')),
                ('subkind', models.CharField(blank=True, max_length=60, verbose_name='subsoort')),
                ('opened', models.DateField(blank=True, null=True, verbose_name='geopend')),
                ('closed', models.DateField(blank=True, null=True, verbose_name='gesloten')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='locations', to='surveys.organisation', verbose_name='organisatie')),
            ],
            options={
                'verbose_name': 'vestiging',
                'verbose_name_plural': 'vestigingen',
                'ordering': ['isil'],
            },
        ),
        migrations.CreateModel(
            name='Participation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('inhabitants', models.PositiveIntegerField(blank=True, null=True, verbose_name='inwoners')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='surveys.organisation', verbose_name='organisatie')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='surveys.round', verbose_name='meetjaar')),
            ],
            options={
                'verbose_name': 'deelname',
                'verbose_name_plural': 'deelnames',
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('questionnaire', models.CharField(max_length=20, verbose_name='vragenlijst')),
                ('state', models.CharField(choices=[('not_started', 'niet begonnen'), ('in_progress', 'bezig'), ('submitted', 'ingediend'), ('returned', 'teruggestuurd'), ('approved', 'goedgekeurd')], default='not_started', max_length=12, verbose_name='status')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='ingediend op')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='goedgekeurd op')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='goedgekeurd door')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='contactpersoon')),
                ('participation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='surveys.participation', verbose_name='deelname')),
                ('submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ingediend door')),
            ],
            options={
                'verbose_name': 'levering',
                'verbose_name_plural': 'leveringen',
            },
        ),
        migrations.CreateModel(
            name='AnswerChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=80)),
                ('row', models.CharField(blank=True, default='', max_length=20)),
                ('old_state', models.CharField(blank=True, default='', max_length=14)),
                ('old_hundredths', models.BigIntegerField(null=True)),
                ('old_text', models.TextField(blank=True, default='')),
                ('state', models.CharField(blank=True, default='', max_length=14)),
                ('hundredths', models.BigIntegerField(null=True)),
                ('text', models.TextField(blank=True, default='')),
                ('is_estimate', models.BooleanField(default=False)),
                ('note', models.TextField(blank=True, default='')),
                ('source', models.CharField(choices=[('form', 'formulier'), ('prefill', 'vooraf ingevuld'), ('workbook', 'werkboek'), ('import', 'import'), ('kb', 'KB')], max_length=10)),
                ('reason', models.TextField(blank=True, default='')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='surveys.submission')),
            ],
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('pk', models.CompositePrimaryKey('submission_id', 'question', 'row', blank=True, editable=False, primary_key=True, serialize=False)),
                ('question', models.CharField(max_length=80)),
                ('row', models.CharField(blank=True, default='', max_length=20)),
                ('state', models.CharField(choices=[('given', 'given'), ('unknown', 'unknown'), ('not_applicable', 'not_applicable')], max_length=14)),
                ('hundredths', models.BigIntegerField(null=True)),
                ('text', models.TextField(blank=True, default='')),
                ('is_estimate', models.BooleanField(default=False)),
                ('note', models.TextField(blank=True, default='')),
                ('source', models.CharField(choices=[('form', 'formulier'), ('prefill', 'vooraf ingevuld'), ('workbook', 'werkboek'), ('import', 'import'), ('kb', 'KB')], max_length=10)),
                ('version', models.BigIntegerField()),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='surveys.submission')),
            ],
        ),
        migrations.CreateModel(
            name='Transition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('begin', 'begin'), ('submit', 'submit'), ('return', 'return'), ('approve', 'approve')], max_length=12)),
                ('before', models.CharField(max_length=12)),
                ('after', models.CharField(max_length=12)),
                ('at', models.DateTimeField()),
                ('reason', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transitions', to='surveys.submission')),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Window',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('questionnaire', models.CharField(max_length=20, verbose_name='vragenlijst')),
                ('opens', models.DateField(verbose_name='open vanaf')),
                ('deadline', models.DateField(verbose_name='uiterlijk ingediend op')),
                ('last_change', models.DateField(verbose_name='laatste wijziging op')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='windows', to='surveys.round', verbose_name='meetjaar')),
            ],
            options={
                'verbose_name': 'termijn',
                'verbose_name_plural': 'termijnen',
            },
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_any_case'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('type', 'library'), models.Q(('poi', None), ('type', 'poi')), _connector='OR'), name='organisation_poi_has_no_poi'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation', None), ('role', 'kb')), models.Q(('organisation__isnull', False), ('role__in', ['library', 'poi'])), _connector='OR'), name='membership_role_has_organisation'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('user', 'role', 'organisation'), name='membership_once'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('organisation', None)), fields=('user', 'role'), name='membership_kb_once'),
        ),
        migrations.AddConstraint(
            model_name='location',
            constraint=models.CheckConstraint(condition=models.Q(('opened', None), ('closed', None), ('closed__gte', models.F('opened')), _connector='OR'), name='location_closed_after_opened'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.UniqueConstraint(fields=('organisation', 'round'), name='participation_once'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(fields=('participation', 'questionnaire'), name='submission_once'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'submitted']), ('submitted_at__isnull', False), ('submitted_by__isnull', False)), models.Q(models.Q(('state__in', ['approved', 'submitted']), _negated=True), ('submitted_at', None), ('submitted_by', None)), _connector='OR'), name='submission_delivered_has_moment'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('approved_at', None), ('approved_by', None)), _connector='OR'), name='submission_approved_has_moment'),
        ),
        migrations.AddIndex(
            model_name='answerchange',
            index=models.Index(fields=['submission', 'question', 'row', 'at'], name='change_by_answer'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(fields=['question', 'submission', 'row', 'state', 'hundredths'], name='answer_by_question'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hundredths__isnull', False), ('state', 'given'), ('text', '')), models.Q(('hundredths', None), ('state', 'given'), models.Q(('text', ''), _negated=True)), models.Q(('hundredths', None), ('state__in', ['unknown', 'not_applicable']), ('text', '')), _connector='OR'), name='answer_holds_state'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.UniqueConstraint(fields=('round', 'questionnaire'), name='window_once'),
        ),
        migrations.AddConstraint(
            model_name='window',
            constraint=models.CheckConstraint(condition=models.Q(('deadline__gte', models.F('opens')), ('last_change__gte', models.F('deadline'))), name='window_dates_in_order'),
        ),
    ]
